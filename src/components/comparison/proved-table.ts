import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, ClaimTable } from '../../scenarios/claims/claim-table.ts';
import { evidenceOf, type StepEvidence } from '../../scenarios/claims/evidence.ts';
import { faultsOfCell, type ClaimFault } from '../../scenarios/claims/judge.ts';
import { liveCheck, type LivedStep } from '../../scenarios/claims/live-check.ts';
import { readClaimTable } from '../../scenarios/claims/read-claim-table.ts';

/** A comparison whose cells have all been lived and hold, with what proves each. */
export interface ProvedTable {
  readonly table: ClaimTable;
  /** By the id of the cell, `row.column`. */
  readonly proofs: ReadonlyMap<string, readonly ProvedStep[]>;
}

/** What was typed in a cell's world and what it shows. */
export interface ProvedStep extends StepEvidence {
  readonly command: string;
  readonly exitCode: number;
}

const proved = new Map<string, ProvedTable>();
const livedChecks = new Map<string, readonly LivedStep[]>();

/**
 * Reads `content/comparisons/ID.yaml` and lives the check of each cell, once for all pages and
 * languages of a build.
 *
 * @throws naming file and line of each fault of form and of each cell that its commands do not bear
 */
export function provedTable(id: string, root = process.cwd()): ProvedTable {
  const file = `content/comparisons/${id}.yaml`;
  const text = readFileSync(join(root, file), 'utf8');
  const known = proved.get(`${id}\n${text}`);
  if (known) return known;
  const read = readClaimTable(id, text);
  if (!read.ok) throw faulty(file, read.faults);
  const cells = read.table.rows.flatMap((row) => row.cells);
  const faults = cells.flatMap((cell) => faultsOfCell(cell, livedOnce(cell.check)));
  if (faults.length > 0) throw faulty(file, faults);
  const proofs = new Map(
    cells.map((cell) => {
      const lived = livedOnce(cell.check);
      const evidence = evidenceOf(cell, lived);
      const steps = lived.map(({ command, exitCode }, i) => ({
        ...evidence[i]!,
        command,
        exitCode,
      }));
      return [cell.id, steps];
    }),
  );
  const made = { table: read.table, proofs };
  proved.set(`${id}\n${text}`, made);
  return made;
}

/** Same check, same transcript: what one cell came to need not be lived again. */
function livedOnce(check: Check): readonly LivedStep[] {
  const key = JSON.stringify(check);
  const lived = livedChecks.get(key) ?? liveCheck(check);
  livedChecks.set(key, lived);
  return lived;
}

function faulty(file: string, faults: readonly ClaimFault[]): Error {
  return new Error(
    faults.map(({ line, what, remedy }) => `${file}:${line} ${what} ${remedy}`).join('\n'),
  );
}
