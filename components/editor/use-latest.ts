import { useLayoutEffect, useRef, type RefObject } from 'react';

/** The value of the last drawing, for what is called later than it was made. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
