import type { Kernel } from '../sim/kernel.ts';
import type { Program } from '../sim/process.ts';
import { Clients, type ClientRooms } from './clients.ts';
import { addLast } from './last.ts';
import { look, LOOK_PROGRAM } from './look.ts';
import { measure, MEASURE_PROGRAM } from './measure.ts';
import { prepare, PREPARE_PROGRAM } from './prepare.ts';
import { typing, TYPING_PROGRAM } from './typing.ts';

/** Gives a world what `drydock compare` needs. */
export function addCompare(kernel: Kernel, rooms: ClientRooms): void {
  const { processes } = rooms;
  new Clients(kernel, rooms);
  addLast(kernel, processes);
  processes.program(PREPARE_PROGRAM, prepare as Program);
  processes.program(TYPING_PROGRAM, typing as Program);
  processes.program(MEASURE_PROGRAM, measure as Program);
  processes.program(LOOK_PROGRAM, look as Program);
}
