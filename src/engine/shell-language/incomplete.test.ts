import { describe, expect, it } from 'vitest';
import { isIncomplete } from './parser.ts';

describe('what a prompt waits for more of', () => {
  it.each([
    'echo "a',
    'for i in 1 2; do\n',
    'cat > f <<E',
    'cat > f <<E\n',
    "cat <<'E'\none\n",
    'cat <<-E | grep a\n\ta\n E\n',
    'cat <<A <<B\n1\nA\n2\n',
    'cat <<E\necho E\n',
  ])('%j', (text) => {
    expect(isIncomplete(text)).toBe(true);
  });

  it.each([
    'echo a',
    'cat <<E\none\nE',
    'cat <<E\none\nE\n',
    'cat <<-E\n\tone\n\tE\n',
    'cat <<A <<B\n1\nA\n2\nB\n',
    "echo '<<E'\n",
    'cat <<< E\n',
    'echo ) <<E\n',
  ])('not %j', (text) => {
    expect(isIncomplete(text)).toBe(false);
  });
});
