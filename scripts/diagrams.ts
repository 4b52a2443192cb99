/** `diagrams.ts update` renders what has no drawing; `diagrams.ts verify` says what is amiss. */
import { updateDrawings, verifyDrawings } from '../src/build/diagrams.ts';

const command = process.argv[2];
if (command === 'update') {
  process.exitCode = await updateDrawings();
} else if (command === 'verify') {
  process.exitCode = await verifyDrawings();
} else {
  console.error('Usage: node scripts/diagrams.ts update|verify');
  process.exitCode = 2;
}
