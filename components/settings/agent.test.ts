import { expect, test } from 'vitest';
import { agentWords } from './agent.ts';

test('browsers are told apart although they imitate each other', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
  expect(agentWords(chrome)).toBe('Chrome on Linux');
  expect(agentWords(`${chrome} Edg/141.0.0.0`)).toBe('Edge on Linux');
  expect(
    agentWords('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605.1.15'),
  ).toBe('Safari on macOS');
  expect(agentWords('Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox on Windows');
});

test('a phone is not the desktop it is built like', () => {
  expect(agentWords('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1')).toBe(
    'Safari on iOS',
  );
});

test('a script is called what it calls itself', () => {
  expect(agentWords('curl/8.5.0')).toBe('curl/8.5.0');
  expect(agentWords('')).toBe('unknown');
});
