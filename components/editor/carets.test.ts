import { describe, expect, it } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { selectionsIn } from './carets.ts';

function pair() {
  const here = new Y.Doc();
  const there = new Y.Doc();
  here.getText('a').insert(0, 'SELECT 1');
  here.getText('b').insert(0, 'other');
  Y.applyUpdate(there, Y.encodeStateAsUpdate(here));
  const mine = new Awareness(here);
  const theirs = new Awareness(there);
  const send = (selection: unknown) => {
    theirs.setLocalStateField('selection', selection);
    applyAwarenessUpdate(mine, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'test');
  };
  const at = (index: number, name = 'a') => Y.createRelativePositionFromTypeIndex(there.getText(name), index);
  return { here, there, mine, theirs, send, at };
}

describe('where the others are', () => {
  it('a selection is found where it was made', () => {
    const { here, mine, theirs, send, at } = pair();
    send({ anchor: at(0), head: at(6) });
    expect(selectionsIn(here.getText('a'), mine)).toEqual([{ clientId: theirs.clientID, anchor: 0, head: 6 }]);
  });

  it('it moves with the text before it', () => {
    const { here, mine, send, at } = pair();
    send({ anchor: at(7), head: at(7) });
    here.getText('a').insert(0, '-- x\n');
    expect(selectionsIn(here.getText('a'), mine)[0]?.head).toBe(12);
  });

  it('a selection in another text is not shown here', () => {
    const { here, mine, send, at } = pair();
    send({ anchor: at(1, 'b'), head: at(2, 'b') });
    expect(selectionsIn(here.getText('a'), mine)).toEqual([]);
  });

  it('nonsense from another client is nowhere and throws nothing', () => {
    const { here, mine, send } = pair();
    for (const selection of [7, 'x', { anchor: 1, head: 2 }, { anchor: {}, head: { type: 'no' } }, null]) {
      send(selection);
      expect(selectionsIn(here.getText('a'), mine)).toEqual([]);
    }
  });

  it('one’s own is left out', () => {
    const { here, mine } = pair();
    const at = Y.createRelativePositionFromTypeIndex(here.getText('a'), 1);
    mine.setLocalStateField('selection', { anchor: at, head: at });
    expect(selectionsIn(here.getText('a'), mine)).toEqual([]);
  });
});
