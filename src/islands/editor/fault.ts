/** Something wrong in a file, where it stands. Lines and columns are counted from 1, ends excluded. */
export interface EditorFault {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  /** In the words of the tool that would refuse the file. */
  readonly message: string;
}

/** Asked by `editor/check`. */
export interface CheckedFile {
  readonly name: string;
  readonly text: string;
  /** Read by `docker stack deploy`, where `docker compose` reads such files otherwise. */
  readonly isStack?: boolean;
}
