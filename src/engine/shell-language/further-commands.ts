import type { CommandTable } from '../machine/command.ts';

/**
 * Commands of machines that stand in no shell's table: a shell is given its table when it begins,
 * and keeps it in the world, so that a longer one would make another world of every link that was
 * sent before. Programs by their names, as in the table.
 */
export const FURTHER_COMMANDS: CommandTable = {
  gunzip: 'tools/gunzip',
  gzip: 'tools/gzip',
  tar: 'tools/tar',
  zcat: 'tools/zcat',
};
