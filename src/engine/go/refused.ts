/** Why a value was not taken, in docker's own words; in place of the value. */
export interface Refused {
  readonly refused: string;
}

export const refuse = (refused: string): Refused => ({ refused });

export const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'refused' in value;
