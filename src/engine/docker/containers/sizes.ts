import { contentBytes, type LayerEntries } from '../../oci/entry.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';

/** How much a container's own files take, and with its image's (`docker ps -s`). */
export class Sizes {
  readonly #rooms: ContainerRooms;

  constructor(rooms: ContainerRooms) {
    this.#rooms = rooms;
  }

  of(row: ContainerRow): { SizeRw: number; SizeRootFs: number } {
    const { machine, id, digest } = row;
    const { containerd } = this.#rooms;
    const layer = containerd.answer(machine, { op: 'layer', id });
    const SizeRw = layer.ok ? bytesOf(layer.entries) : 0;
    const { content } = containerd;
    const below = content.blob(machine, digest) ? content.view(machine, digest).unpackedBytes : 0;
    return { SizeRw, SizeRootFs: below + SizeRw };
  }
}

function bytesOf(entries: LayerEntries): number {
  let sum = 0;
  for (const [, entry] of entries) if (entry.type === 'file') sum += contentBytes(entry.content);
  return sum;
}
