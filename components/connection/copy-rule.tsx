'use client';
import { useState } from 'react';
import { Button } from '#components/parts/button.tsx';

/** The rule to add on the cluster's side: to read, and to take along. */
export function CopyRule({ rule }: { rule: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(rule).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <>
      <Button size="small" icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
        {copied ? 'Rule copied' : 'Copy the rule to add'}
      </Button>
      <pre className="rule-text" tabIndex={0} aria-label="The rule">
        {rule}
      </pre>
    </>
  );
}
