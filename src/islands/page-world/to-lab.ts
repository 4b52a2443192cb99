import type { Engine } from '../engine-room/connect.ts';

/** Where the lab looks for a world that is too long for a link. */
const CARRIED = 'drydock-carried';

/** Goes on with a world of the page in the lab. */
export async function toLab(engine: Engine, world: string): Promise<void> {
  const lab = document.querySelector<HTMLAnchorElement>('a.lab-way')?.href ?? '';
  const link = await engine.ask('world/link', { world });
  if (link.kind === 'link') {
    location.href = `${lab}#${link.payload}`;
    return;
  }
  const text = await engine.ask('world/file', { world });
  if (text === undefined) return;
  sessionStorage.setItem(CARRIED, text);
  location.href = lab;
}
