/** Points of a small line that fills width × height with 2 px of air; the highest value is at the top. */
export function linePoints(values: number[], width: number, height: number): { x: number; y: number }[] {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0;
  return values.map((value, index) => ({
    x: 2 + index * step,
    y: span === 0 ? height / 2 : 3 + (1 - (value - low) / span) * (height - 6),
  }));
}
