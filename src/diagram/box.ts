/** `data-box` of a node: left, top, width, height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function parseBox(text: string | undefined): Box | undefined {
  const [x, y, width, height] = (text ?? '').split(' ').map(Number);
  if (x === undefined || y === undefined || !width || !height) return undefined;
  return { x, y, width, height };
}
