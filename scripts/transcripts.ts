/**
 * `transcripts.ts update` writes into the pages what the engine prints; `transcripts.ts verify` says
 * where a page says something else. Both end with 1 when something is amiss.
 */
import { describeFault } from '../src/build/authoring-error.ts';
import { findTranscriptFaults, updateTranscripts } from '../src/build/transcripts/pages.ts';

const [command] = process.argv.slice(2);
if (command === 'update') {
  const { changes, faults } = updateTranscripts();
  for (const change of changes) console.log(change);
  for (const fault of faults) console.error(describeFault(fault));
  process.exitCode = faults.length === 0 ? 0 : 1;
} else if (command === 'verify') {
  const { faults, commands } = findTranscriptFaults();
  for (const fault of faults) console.error(describeFault(fault));
  if (faults.length === 0) console.log(`${commands} commands print what the pages say.`);
  process.exitCode = faults.length === 0 && commands > 0 ? 0 : 1;
} else {
  console.error('Usage: node scripts/transcripts.ts update | verify');
  process.exitCode = 2;
}
