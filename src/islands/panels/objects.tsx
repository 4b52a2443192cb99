import type { Looking } from './looking.ts';

export function Objects({ looking }: { looking: Looking }) {
  return <div class="panel">{looking.world}</div>;
}
