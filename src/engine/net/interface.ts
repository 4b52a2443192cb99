/** A card of somebody on a network, as `ip addr` shows it. */
export interface NetworkInterface {
  readonly name: string;
  readonly ip: string;
  /** Bits of its network: 16. */
  readonly prefix: number;
  readonly mac: string;
  /** The way out; '' where there is none by this card. */
  readonly gateway: string;
}

/** The cards of a place; undefined when it is no place of its own. */
export type InterfaceFinder = (place: string) => readonly NetworkInterface[] | undefined;

/**
 * Answers for a name as somebody in a container hears it; undefined: as on its machine; `silent`:
 * the server that is asked for names there does not answer.
 */
export type NameFinder = (place: string, name: string) => readonly string[] | 'silent' | undefined;

/** Told when a program has asked for a name, and what it heard. */
export type LookupListener = (asked: Asked, found: readonly string[]) => void;

/** A name, and where it is asked for. */
export interface Asked {
  readonly name: string;
  readonly place?: string;
}
