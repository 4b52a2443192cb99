/**
 * `diagrams.ts update [--all]` renders what has no drawing; `diagrams.ts verify` says what is amiss.
 * Both end with 1 when something is.
 */
import { describeFault } from '../src/build/authoring-error.ts';
import { findDrawingFaults, updateDrawings } from '../src/build/diagrams.ts';

const [command, option] = process.argv.slice(2);
if (command === 'update') {
  const { changes, faults } = await updateDrawings('.', option === '--all');
  for (const change of changes) console.log(change);
  for (const fault of faults) console.error(describeFault(fault));
  process.exitCode = faults.length === 0 ? 0 : 1;
} else if (command === 'verify') {
  const faults = await findDrawingFaults();
  for (const fault of faults) console.error(describeFault(fault));
  if (faults.length === 0) console.log('Every figure has its drawing, every drawing its figure.');
  process.exitCode = faults.length === 0 ? 0 : 1;
} else {
  console.error('Usage: node scripts/diagrams.ts update [--all] | verify');
  process.exitCode = 2;
}
