/** What a build has come to, for the client that asked for it. */
export type SolveResult =
  | {
      readonly ok: true;
      readonly digest: string;
      /** The tree's last snapshot, for a client that takes files. */
      readonly chainId: string;
      /** What `--check` prints, and whether it found something. */
      readonly report?: string;
      readonly found?: boolean;
      /** What `--check` could not get past. */
      readonly failed?: string;
    }
  /** `failed to solve: …`, and what to show above it. */
  | { readonly ok: false; readonly message: string; readonly excerpt: string };
