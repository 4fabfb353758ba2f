import { expect, test } from 'vitest';
import { watchNetwork } from './network.ts';

test('the browser going offline and online is passed on until stopped', () => {
  const window = new EventTarget();
  const heard: string[] = [];
  const stop = watchNetwork({ offline: () => heard.push('offline'), online: () => heard.push('online') }, window);
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  stop();
  window.dispatchEvent(new Event('offline'));
  expect(heard).toEqual(['offline', 'online']);
});
