import { describe, expect, it } from 'vitest';
import { expand, expandWords, lookupIn } from './expand.ts';
import { parseDockerfile } from './parse.ts';

const parsed = (text: string) => {
  const result = parseDockerfile(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.dockerfile;
};
const refused = (text: string) => {
  const result = parseDockerfile(text);
  return result.ok ? undefined : [result.error.lines?.start, result.error.message];
};

describe('a Dockerfile', () => {
  it('is read into stages, with the lines that each instruction stands on', () => {
    const text = [
      '# syntax=docker/dockerfile:1',
      'ARG V=1',
      'FROM alpine:$V AS Build',
      'RUN apk add \\',
      '  # a comment inside',
      '',
      '  curl',
      'COPY --chmod=755 a b /x/',
      'CMD ["sh", "-c", "echo hi"]',
    ].join('\n');
    const { metaArgs, stages } = parsed(text);
    expect(metaArgs[0]?.args).toEqual([{ key: 'V', value: '1', doc: '' }]);
    const [stage] = stages;
    expect(stage?.from).toMatchObject({ image: 'alpine:$V', name: 'FROM', stage: 'build' });
    const [run, copy, cmd] = stage?.instructions ?? [];
    expect(run).toMatchObject({ kind: 'RUN', lines: { start: 4, end: 7 } });
    expect(run?.kind === 'RUN' && run.command).toEqual({
      shell: true,
      words: ['apk add   curl'],
      files: [],
    });
    expect(copy).toMatchObject({
      sources: ['a', 'b'],
      destination: '/x/',
      chmod: '755',
    });
    expect(cmd).toMatchObject({ command: { shell: false, words: ['sh', '-c', 'echo hi'] } });
  });

  it('falls back to shell form when the JSON is bad, and takes another escape character', () => {
    const [stage] = parsed("# escape=`\nFROM a\nCMD ['x']\nRUN one `\n two").stages;
    const [cmd, run] = stage?.instructions ?? [];
    expect(cmd).toMatchObject({ command: { shell: true, words: ["['x']"] } });
    expect(run).toMatchObject({ command: { shell: true, words: ['one  two'] } });
    expect(refused('FROM a\nCMD ["x", 1]')).toEqual([
      2,
      'when using JSON array syntax, arrays must be comprised of strings only',
    ]);
  });

  it('holds files of its own in RUN and COPY', () => {
    const text = [
      'FROM a',
      'COPY <<-EOF <<"raw" /x/',
      '\thi $HOME',
      '\tEOF',
      'not $HOME',
      'raw',
      'RUN ["<<no"]',
      'RUN <<go',
      'echo one',
      'go',
    ].join('\n');
    const [copy, json, run] = parsed(text).stages[0]!.instructions;
    expect(copy).toMatchObject({
      lines: { start: 2, end: 6 },
      sources: [],
      inline: [
        { name: 'EOF', data: 'hi $HOME\n', expand: true },
        { name: 'raw', data: 'not $HOME\n', expand: false },
      ],
    });
    expect(json).toMatchObject({ command: { words: ['<<no'], files: [] } });
    expect(run).toMatchObject({ command: { files: [{ name: 'go', content: 'echo one\n' }] } });
    expect(refused('FROM a\nRUN <<EOF\necho')).toEqual([2, 'unterminated heredoc']);
  });

  it('is refused with BuildKit words and a line', () => {
    const at = (line: number, words: string) => [
      line,
      `dockerfile parse error on line ${line}: ${words}`,
    ];
    expect(refused('FROM a\nENV =x')).toEqual(at(2, 'ENV names can not be blank'));
    expect(refused('FROM a\nENV x')).toEqual([2, 'ENV must have two arguments']);
    expect(refused('FROM a\nWORKDIR')).toEqual(at(2, 'WORKDIR requires exactly one argument'));
    expect(refused('FROM a\nCOPY --from=x --frob=1 a b')).toEqual(
      at(2, 'unknown flag: --frob (did you mean from?)'),
    );
    expect(refused('FROM a AS 1x')?.[1]).toContain('invalid name for build stage: "1x"');
    expect(refused('FROM a\nRUNN x')).toEqual(
      at(2, 'unknown instruction: RUNN (did you mean RUN?)'),
    );
    expect(refused('FROM a\ncpy x y')).toEqual(
      at(2, 'unknown instruction: cpy (did you mean copy?)'),
    );
    expect(refused('FROM a\nONBUILD from b')).toEqual(
      at(2, "FROM isn't allowed as an ONBUILD trigger"),
    );
    expect(refused('FROM a\nRUN --network=a --network=b x')).toEqual(
      at(2, 'duplicate flag specified: --network'),
    );
    expect(refused('FROM a\nADD --link=maybe a b')).toEqual(
      at(2, 'expecting boolean value for flag --link, not: maybe'),
    );
    // Upstream names the line before.
    expect(refused('# escape=x\nFROM a')).toEqual([
      0,
      "invalid escape token 'x' does not match ` or \\",
    ]);
    expect(refused('# syntax=a\n# Syntax=b\nFROM a')).toEqual([
      1,
      'only one syntax parser directive can be used',
    ]);
    expect(refused('RUN true')).toEqual([1, 'no build stage in current context']);
    expect(refused('\n# only\n')).toEqual([2, 'file with no instructions']);
  });

  it('expands variables as the frontend does', () => {
    const value = (word: string, env: Record<string, string>) => {
      const result = expand(word, lookupIn(env));
      return result.ok ? result.value : result.message.replace(/^failed to process ".*": /, '');
    };
    // frontend/dockerfile/shell/lex_test.go TestProcessWithMatches and envVarTest
    expect(value('${FOO:-aaa} ${BAR:-bbb} ${BAZ:-ccc}', { BAR: '', FOO: 'xxx' })).toBe(
      'xxx bbb ccc',
    );
    expect(value('he\'ll"o"$x\'', { x: 'y' })).toBe('hell"o"$x');
    expect(value('\\$x "${x}" ${x+set} ${y+set}', { x: '1' })).toBe('$x 1 set ');
    expect(value('${x:?need it}', {})).toBe('x: need it');
    expect(value('${x?}', {})).toBe('x: is not allowed to be unset');
    expect(value('${x:?}', { x: '' })).toBe('x: is not allowed to be empty');
    expect(value('${x:=a}', {})).toBe('unsupported modifier (:=) in substitution');
    expect(value('$constructor ${toString}$1', {})).toBe(' ');
    // Table TestProcessWithMatches: patterns off either end, and replaced.
    expect(value('${FOO#*y} ${FOO##*y} ${FOO%y*} ${FOO%%y*}', { FOO: 'xyzyz' })).toBe(
      'zyz z xyz x',
    );
    expect(value('${FOO/$N/.} ${FOO//$N/.}', { FOO: '/foo*/*/*.txt', N: '\\*/' })).toBe(
      '/foo.*/*.txt /foo..*.txt',
    );
    expect(expandWords('a${s}b "$s"c', lookupIn({ s: 'x  y' }))).toMatchObject({
      ok: true,
      value: ['ax', 'yb', 'x  yc'],
    });
  });

  it('answers hostile text with words, soon', () => {
    const many = (text: string, times: number) => text.repeat(times);
    expect(refused(`FROM a\nRUN ${many('x', 70_000)}`)).toEqual([
      1,
      'dockerfile line greater than max allowed size of 65535',
    ]);
    expect(refused(many('\n', 1_100_000))?.[1]).toBe('file with no instructions');
    const stage = `FROM a\n${many('RUN true\n', 10_000)}`;
    expect(parsed(stage).stages[0]?.instructions).toHaveLength(10_000);
    expect(refused(`FROM a\n${many('RUN <<EOF\n', 20_000)}`)?.[1]).toBe('unterminated heredoc');
    expect(refused(`FROM a\n${many('Z', 60_000)}`)?.[1]).toContain('unknown instruction: Z');
    for (const word of [many('${a:-', 10_000), many('${a#*', 50), `"${many('$', 9)}`]) {
      expect(expand(word, () => undefined).ok).toBe(false);
    }
    const stars = expand(`\${x##${many('*a', 200)}b}`, () => many('a', 3000));
    expect(stars).toMatchObject({ ok: true, value: many('a', 3000) });
  });
});
