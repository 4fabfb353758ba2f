import { expect, test } from 'vitest';
import { placesOf, withEverywhere, workspacePlaces } from './places.ts';

test('each place of a page has its own key, label and address', () => {
  for (const places of [placesOf('p1'), workspacePlaces]) {
    const all = withEverywhere(places);
    for (const of of ['key', 'keys', 'href', 'label'] as const) {
      expect(new Set(all.map((place) => place[of])).size).toBe(all.length);
    }
  }
});

test('what is beside the rail is reached from everywhere all the same', () => {
  expect(withEverywhere(placesOf('p1')).find((place) => place.beside)?.href).toBe('/projects/p1/connections');
});

test('settings and all projects are reached from everywhere', () => {
  for (const places of [placesOf('p1'), workspacePlaces]) {
    expect(withEverywhere(places).map((place) => place.href)).toEqual(
      expect.arrayContaining(['/projects', '/settings']),
    );
  }
});
