import type { Command } from '../../machine/command.ts';
import { randomHex } from '../../machine/random.ts';
import { toBase64 } from '../../shell-language/tools/inspecting.ts';
import { fail, say } from './console.ts';

/**
 * openssl 3.5 at a machine's prompt, as far as passwords are made with it: `openssl rand -base64 20`
 * (openssl/openssl 3.5 `apps/rand.c`).
 *
 * Simplified: it makes no keys and no certificates, and says so.
 */
const VERSION = 'OpenSSL 3.5.4 30 Sep 2025 (Library: OpenSSL 3.5.4 30 Sep 2025)';
const BYTES_LIMIT = 65_536;
const LINE = 64;

export const openssl: Command = function* (line, self) {
  const [, action = '', ...rest] = line.argv;
  if (action === 'version') {
    yield* say(self, `${VERSION}\n`);
    return 0;
  }
  if (action !== 'rand') {
    return yield* fail(self, `openssl ${action}: no keys or certificates are modelled here`, 1);
  }
  const unknown = rest.find((word) => word.startsWith('-') && !/^-(base64|hex)$/.test(word));
  if (unknown !== undefined) {
    return yield* fail(self, `rand: Unknown option: ${unknown}\nrand: Use -help for summary.`, 1);
  }
  const count = Number(rest.find((word) => !word.startsWith('-')));
  if (!Number.isInteger(count) || count < 1 || count > BYTES_LIMIT) {
    return yield* fail(self, 'rand: Use -help for summary.', 1);
  }
  const hex = yield* randomHex(line.machine, self.pid, count);
  if (rest.includes('-base64')) {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const wrapped = toBase64(bytes).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
    yield* say(self, `${wrapped.join('\n')}\n`);
  } else yield* say(self, `${hex}\n`);
  return 0;
};
