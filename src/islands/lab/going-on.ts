/** From the lab in one language to the lab in the other: which kept world goes on there. */
const KEY = 'drydock-goes-on';

export function rememberToGoOn(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Then it is offered there, as after any reload.
  }
}

/** What was remembered, once. */
export function takeGoingOn(): string | undefined {
  try {
    const id = sessionStorage.getItem(KEY) ?? undefined;
    sessionStorage.removeItem(KEY);
    return id;
  } catch {
    return undefined;
  }
}
