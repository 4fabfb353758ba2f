'use client';

/** How many rows make how many marks. */
export function PointsWords({ cellId }: { cellId: string }) {
  return <p data-cell={cellId}>Each change is drawn at once.</p>;
}
