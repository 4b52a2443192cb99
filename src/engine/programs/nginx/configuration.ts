import type { FileView } from '../program.ts';

/**
 * nginx's configuration: directives and blocks, includes, and what is wrong with them in nginx's
 * words (nginx 1.29 `src/core/ngx_conf_file.c`).
 *
 * Simplified: of the directives it does not model it checks the names only.
 */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
  readonly file: string;
  readonly line: number;
}

export type Configuration =
  | { readonly ok: true; readonly directives: readonly Directive[] }
  | { readonly ok: false; readonly message: string };

interface Token {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

const INCLUDE_LIMIT = 50;
const TOKEN_LIMIT = 100_000;
const decoder = new TextDecoder();

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

class Fault extends Error {}

function fault(words: string, file: string, line: number): never {
  throw new Fault(`${words} in ${file}:${line}`);
}

function tokensOf(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length && tokens.length < TOKEN_LIMIT;) {
    const char = text[at]!;
    if (char === '\n') line += 1;
    if (/\s/.test(char)) {
      at += 1;
    } else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (char === '{' || char === '}' || char === ';') {
      tokens.push({ text: char, line, quoted: false });
      at += 1;
    } else if (char === '"' || char === "'") {
      let value = '';
      const from = line;
      for (at += 1; text[at] !== char; at++) {
        if (at >= text.length) {
          fault('unexpected end of file, expecting ";" or "}"', file, line);
        }
        if (text[at] === '\n') line += 1;
        const escape = text[at] === '\\' ? text[at + 1] : undefined;
        if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) {
          at += 1;
          value += ESCAPES[escape]!;
          continue;
        }
        if (escape === char || escape === '\\') at += 1;
        value += text[at]!;
      }
      at += 1;
      tokens.push({ text: value, line: from, quoted: true });
    } else {
      const match = /^(?:\$\{[^}]*\}|\\.|[^\s;{}])+/s.exec(text.slice(at, at + 4096));
      const word = match?.[0] ?? char;
      tokens.push({ text: word, line, quoted: false });
      at += word.length;
    }
  }
  return tokens;
}

/** The directives of a file and all it includes, or the first fault. */
export function readConfiguration(files: FileView, path: string): Configuration {
  try {
    return { ok: true, directives: readFile(files, path, { count: 0 }, 'main') };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, message: error.message };
    throw error;
  }
}

interface Budget {
  count: number;
}

function readFile(files: FileView, path: string, budget: Budget, context: string): Directive[] {
  const bytes = files.read(path);
  if (!bytes || (budget.count += 1) > INCLUDE_LIMIT) {
    throw new Fault(`open() "${path}" failed (2: No such file or directory)`);
  }
  const tokens = tokensOf(decoder.decode(bytes), path);
  const lines = decoder.decode(bytes).split('\n').length;
  const reader = { tokens, at: 0, files, path, budget, lines };
  const directives = readBlock(reader, context, false);
  return directives;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly files: FileView;
  readonly path: string;
  readonly budget: Budget;
  readonly lines: number;
}

function readBlock(reader: Reader, context: string, nested: boolean): Directive[] {
  const directives: Directive[] = [];
  const { path } = reader;
  for (;;) {
    const first = reader.tokens[reader.at++];
    if (!first) {
      if (nested) fault('unexpected end of file, expecting "}"', path, reader.lines);
      return directives;
    }
    if (!first.quoted && first.text === '}') {
      if (!nested) fault('unexpected "}"', path, first.line);
      return directives;
    }
    if (!first.quoted && (first.text === ';' || first.text === '{')) {
      fault(`unexpected "${first.text}"`, path, first.line);
    }
    directives.push(...readDirective(reader, first, context));
  }
}

function readDirective(reader: Reader, first: Token, context: string): Directive[] {
  const { path } = reader;
  const args: string[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (!token) fault('unexpected end of file, expecting ";" or "}"', path, reader.lines);
    if (token.quoted || !['{', '}', ';'].includes(token.text)) {
      args.push(token.text);
      continue;
    }
    const { text: name, line } = first;
    // Within an upstream, `server` is a line.
    const isLine = name === 'server' && context === 'upstream';
    const blocks = isLine ? undefined : BLOCKS[name];
    const end = token.text;
    if (end === '}') fault(`unexpected "}"`, path, token.line);
    if (!Object.hasOwn(BLOCKS, name) && !KNOWN.has(name)) {
      fault(`unknown directive "${name}"`, path, line);
    }
    const places = blocks ?? PLACES[name];
    if (places && !places.includes(context)) {
      fault(`"${name}" directive is not allowed here`, path, line);
    }
    if (end === ';' && blocks && name !== 'if' && name !== 'types') {
      fault(`directive "${name}" has no opening "{"`, path, line);
    }
    if (end === '{' && !blocks) fault(`directive "${name}" is not terminated by ";"`, path, line);
    checkArguments(name, args, path, line);
    if (name === 'include') {
      return included(reader, args[0] ?? '', line).flatMap((file) =>
        readFile(reader.files, file, reader.budget, context),
      );
    }
    if (end === ';') return [{ name, args, file: path, line }];
    const block = FREE_BLOCKS.includes(name) ? skipBlock(reader) : readBlock(reader, name, true);
    return [{ name, args, block, file: path, line }];
  }
}

/** What stands in it are no directives: `types { text/html html; }`. */
function skipBlock(reader: Reader): Directive[] {
  const directives: Directive[] = [];
  let words: string[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (!token) fault('unexpected end of file, expecting "}"', reader.path, reader.lines);
    if (!token.quoted && token.text === '}') return directives;
    if (!token.quoted && token.text === ';') {
      const [name = '', ...args] = words;
      directives.push({ name, args, file: reader.path, line: token.line });
      words = [];
    } else words.push(token.text);
  }
}

function included({ files, path }: Reader, pattern: string, line: number): string[] {
  const full = pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`;
  if (!full.includes('*')) {
    if (files.kind(full) === 'file') return [full];
    fault(`open() "${full}" failed (2: No such file or directory)`, path, line);
  }
  const at = full.lastIndexOf('/');
  const directory = full.slice(0, at);
  const expression = full
    .slice(at + 1)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const name = new RegExp(`^${expression}$`);
  return files
    .list(directory)
    .filter((one) => name.test(one) && files.kind(`${directory}/${one}`) === 'file')
    .map((one) => `${directory}/${one}`);
}

/** How many words a directive wants, where a wrong number is a common mistake. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  listen: [1, 20],
  server_name: [1, 100],
  root: [1, 1],
  alias: [1, 1],
  index: [1, 20],
  return: [1, 2],
  proxy_pass: [1, 1],
  location: [1, 2],
  http: [0, 0],
  events: [0, 0],
  server: [0, 10],
  include: [1, 1],
  worker_processes: [1, 1],
  try_files: [2, 100],
};

function checkArguments(name: string, args: readonly string[], file: string, line: number): void {
  const count = Object.hasOwn(COUNTS, name) ? COUNTS[name] : undefined;
  if (!count || (args.length >= count[0] && args.length <= count[1])) return;
  fault(`invalid number of arguments in "${name}" directive`, file, line);
}

/** Blocks and where they may stand. */
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  events: ['main'],
  http: ['main'],
  mail: ['main'],
  stream: ['main'],
  server: ['http', 'upstream', 'stream', 'mail'],
  location: ['server', 'location'],
  upstream: ['http', 'stream'],
  if: ['server', 'location'],
  map: ['http', 'stream'],
  geo: ['http', 'stream'],
  types: ['http', 'server', 'location'],
  split_clients: ['http'],
  limit_except: ['location'],
};
const FREE_BLOCKS = ['types', 'map', 'geo', 'split_clients'];

/** Directives of which the place counts. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  listen: ['server'],
  server_name: ['server'],
  root: ['http', 'server', 'location', 'if'],
  index: ['http', 'server', 'location'],
  alias: ['location'],
  proxy_pass: ['location', 'if', 'limit_except', 'server'],
  return: ['server', 'location', 'if'],
  try_files: ['server', 'location'],
  worker_processes: ['main'],
  worker_connections: ['events'],
  user: ['main'],
  pid: ['main'],
};

const KNOWN = new Set(
  (
    'absolute_redirect access_log add_header aio alias allow auth_basic auth_basic_user_file ' +
    'autoindex autoindex_exact_size autoindex_localtime charset client_body_buffer_size ' +
    'client_body_timeout client_header_buffer_size client_header_timeout client_max_body_size ' +
    'daemon default_type deny directio env error_log error_page etag expires fastcgi_index ' +
    'fastcgi_param fastcgi_pass gzip gzip_comp_level gzip_disable gzip_min_length gzip_proxied ' +
    'gzip_static gzip_types gzip_vary hash http2 if_modified_since include index internal ip_hash ' +
    'keepalive keepalive_requests keepalive_timeout large_client_header_buffers least_conn limit_conn ' +
    'limit_conn_zone limit_rate limit_req limit_req_zone listen load_module log_format log_not_found ' +
    'log_subrequest master_process multi_accept open_file_cache open_file_cache_errors ' +
    'open_file_cache_min_uses open_file_cache_valid pcre_jit pid port_in_redirect proxy_buffer_size ' +
    'proxy_buffering proxy_buffers proxy_cache proxy_cache_path proxy_cache_valid ' +
    'proxy_connect_timeout proxy_hide_header proxy_http_version proxy_intercept_errors ' +
    'proxy_ignore_client_abort proxy_next_upstream proxy_next_upstream_timeout ' +
    'proxy_next_upstream_tries proxy_pass proxy_pass_header proxy_pass_request_headers proxy_read_timeout ' +
    'proxy_redirect proxy_request_buffering proxy_send_timeout proxy_set_header proxy_ssl_verify ' +
    'random real_ip_header resolver resolver_timeout return rewrite root satisfy send_timeout ' +
    'sendfile server server_name server_names_hash_bucket_size server_tokens set set_real_ip_from ' +
    'ssl_certificate ssl_certificate_key ssl_ciphers ssl_prefer_server_ciphers ssl_protocols ' +
    'ssl_session_cache ssl_session_timeout stub_status sub_filter tcp_nodelay tcp_nopush try_files ' +
    'types_hash_bucket_size types_hash_max_size underscores_in_headers use user uwsgi_pass zone ' +
    'variables_hash_max_size worker_connections worker_cpu_affinity worker_priority ' +
    'worker_processes worker_rlimit_nofile worker_shutdown_timeout'
  ).split(' '),
);
