'use client';
import Link from 'next/link';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export interface MenuItem {
  label: ReactNode;
  icon?: IconName;
  keys?: string;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect?(): void;
}

interface Given {
  /** The button that opens it. */
  children: ReactElement;
  /** A `'line'` separates. */
  items: (MenuItem | 'line')[];
  align?: 'start' | 'end';
}

export function Menu({ children, items, align = 'end' }: Given) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {items.map((item, index) =>
            item === 'line' ? <DropdownMenu.Separator key={index} className="hr" /> : <Item key={index} {...item} />,
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ label, icon, keys, href, danger, disabled, onSelect }: MenuItem) {
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      {label}
      {keys && <Kbd keys={keys} />}
    </>
  );
  return (
    <DropdownMenu.Item
      className={danger ? 'it bad' : 'it'}
      disabled={disabled}
      onSelect={onSelect}
      asChild={Boolean(href)}
    >
      {href ? <Link href={href}>{inside}</Link> : inside}
    </DropdownMenu.Item>
  );
}
