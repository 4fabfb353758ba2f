import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

interface Given extends ComponentProps<'button'> {
  icon: IconName;
  /** Its name for screen readers, and its tooltip. */
  label: string;
  keys?: string;
  size?: 'base' | 'large';
}

/** An act without room for its word: 24 px, 40 under a finger. */
export function IconButton({ icon, label, keys, size = 'base', className, ...rest }: Given) {
  return (
    <Tooltip text={label} keys={keys}>
      <button type="button" className={className ? `icb ${className}` : 'icb'} aria-label={label} {...rest}>
        <Icon name={icon} size={size} />
      </button>
    </Tooltip>
  );
}
