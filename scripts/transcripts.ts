/**
 * `transcripts.ts update` writes into the pages what the engine prints; `transcripts.ts verify` says
 * where a page says something else. A further word names the pages meant, by a part of their paths.
 * Both end with 1 when something is amiss.
 */
import { describeFault } from '../src/build/authoring-error.ts';
import { findTranscriptFaults, updateTranscripts } from '../src/build/transcripts/pages.ts';

const [command, named] = process.argv.slice(2);
if (command === 'update') {
  const { changes, faults } = updateTranscripts('.', named);
  for (const change of changes) console.log(change);
  for (const fault of faults) console.error(describeFault(fault));
  process.exitCode = faults.length === 0 ? 0 : 1;
} else if (command === 'verify') {
  const { faults, commands } = findTranscriptFaults('.', named);
  for (const fault of faults) console.error(describeFault(fault));
  if (faults.length === 0) console.log(`${commands} commands print what the pages say.`);
  process.exitCode = faults.length === 0 && commands > 0 ? 0 : 1;
} else {
  console.error('Usage: node scripts/transcripts.ts update | verify [PAGE]');
  process.exitCode = 2;
}
