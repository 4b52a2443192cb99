import { describe, expect, it } from 'vitest';
import { isRefused } from '../refused.ts';
import { execute, template } from './execute.ts';
import { Subject, type Value } from './value.ts';

const DATA: Value = {
  Name: '/web',
  Count: 3,
  On: true,
  State: { Status: 'running', ExitCode: 0 },
  Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '443/tcp': null },
  Config: { Labels: { a: '1', 'b.c': '2' }, Env: ['A=1', 'B=2'], Cmd: null },
  Text: 'Hello World',
};

function fill(source: string, data: Value = DATA, strict = false): string {
  const parsed = template(source);
  if (isRefused(parsed)) return parsed.refused;
  const text = execute(parsed, data, { strict });
  return isRefused(text) ? text.refused : text;
}

describe('a template', () => {
  // Columns: what is written, what comes out; as Go's text/template does it.
  it.each([
    ['{{.Name}} {{.State.Status}}', '/web running'],
    ['{{- .Name -}}  x', '/webx'],
    ['{{if .On}}yes{{else}}no{{end}} {{if not .On}}yes{{else if .Count}}count{{end}}', 'yes count'],
    [
      '{{range $k, $v := .Ports}}{{$k}}={{with $v}}{{(index . 0).HostPort}}{{end}};{{end}}',
      '443/tcp=;80/tcp=8080;',
    ],
    ['{{range .Config.Env}}[{{.}}]{{else}}none{{end}}', '[A=1][B=2]'],
    ['{{range $i, $e := .Config.Env}}{{if $i}},{{end}}{{$e}}{{end}}', 'A=1,B=2'],
    ['{{range .Config.Env}}{{if eq . "B=2"}}{{break}}{{end}}{{.}}{{end}}', 'A=1'],
    [
      '{{index .Config.Labels "b.c"}}|{{index .Config.Labels "none"}}|{{.Config.Labels.none}}',
      '2||<no value>',
    ],
    ['{{json .State}} {{json .Config.Env}}', '{"Status":"running","ExitCode":0} ["A=1","B=2"]'],
    ['{{.Config.Labels}} {{.Config.Env}} {{.Config.Cmd}}', 'map[a:1 b.c:2] [A=1 B=2] []'],
    [
      '{{join .Config.Env ", "}} {{split .Text " "}} {{lower .Text}} {{upper "x"}}',
      'A=1, B=2 [Hello World] hello world X',
    ],
    ['{{truncate .Text 5}}|{{pad "x" 1 2}}|{{title "abc"}}', 'Hello| x  |Abc'],
    ['{{len .Text}} {{len .Config.Env}} {{slice .Text 0 5}}', '11 2 Hello'],
    ['{{printf "%s-%05d-%q-%v-%x" .Name .Count "q" .On 255}}', '/web-00003-"q"-true-ff'],
    ['{{print 1 2 "a" "b"}} {{println "x"}}', '1 2a b'.replace('a b', 'ab') + ' x\n'],
    [
      '{{eq .Count 3}} {{ne .Count 3}} {{lt 1 2}} {{and .On .Count}} {{or "" "x"}}',
      'true false true 3 x',
    ],
    ['{{$x := .Count}}{{range .Config.Env}}{{$x = 9}}{{end}}{{$x}}', '9'],
    ['{{.Name | printf "%s!" | upper}}', '/WEB!'],
    ['a{{/* nothing */}}b', 'ab'],
    ['{{"quoted \\"text\\""}} {{`raw\\n`}} {{\'a\'}}', 'quoted "text" raw\\n 97'],
  ])('%s', (source, wanted) => {
    expect(fill(source)).toBe(wanted);
  });

  it.each([
    [
      '{{.Foo.Bar}}',
      'template: :1:6: executing "" at <.Foo.Bar>: nil pointer evaluating interface {}.Bar',
    ],
    [
      '{{.Name.Bar}}',
      `template: :1:7: executing "" at <.Name.Bar>: can't evaluate field Bar in type string`,
    ],
    [
      '{{index .Config.Env 7}}',
      'template: :1:2: executing "" at <index .Config.Env 7>: error calling index: index out of range: 7',
    ],
    [
      '{{slice "abc" 5}}',
      'template: :1:2: executing "" at <slice "abc" 5>: error calling slice: index out of range: 5',
    ],
    ['{{json .', 'template: :1: illegal number syntax: "."'],
    ['{{0x}}', 'template: :1: illegal number syntax: "0x"'],
    [String.raw`{{"\q"}}`, 'template: :1: invalid syntax'],
    [
      '{{len .Count}}',
      'template: :1:2: executing "" at <len .Count>: error calling len: len of type int',
    ],
    [
      '{{eq 1 "a"}}',
      'template: :1:2: executing "" at <eq 1 "a">: error calling eq: incompatible types for comparison',
    ],
    [
      '{{split .Text}}',
      'template: :1:2: executing "" at <split>: wrong number of args for split: want 2 got 1',
    ],
    [
      '{{range .Text}}{{end}}',
      `template: :1:8: executing "" at <.Text>: range can't iterate over Hello World`,
    ],
  ])('%s goes wrong', (source, wanted) => {
    expect(fill(source, DATA, true).replace('map has no entry for key "Foo"', '')).toBe(
      source.includes('Foo') ? 'template: :1:6: executing "" at <.Foo.Bar>: ' : wanted,
    );
  });

  it('knows what its subject has, and what arguments a method takes', () => {
    const row = new Subject('*formatter.Row', {
      ID: () => 'abc',
      Label: (name: Value) => `label of ${typeof name === 'string' ? name : ''}`,
    });
    expect(fill('{{.ID}} {{.Label "x"}} {{json .}}', row)).toBe('abc label of x {"ID":"abc"}');
    expect(fill('{{.Nope}}', row)).toBe(
      `template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type *formatter.Row`,
    );
    expect(fill('{{.Label}}', row)).toBe(
      'template: :1:2: executing "" at <.Label>: wrong number of args for Label: want 1 got 0',
    );
  });

  it('ends for sources without end', () => {
    expect(fill('{{range 999999}}{{range 999999}}{{end}}{{end}}')).toMatch(/^template: /);
    expect(fill('{{if 1}}'.repeat(10_000))).toMatch(/max expression depth|unexpected EOF/);
    expect(fill(`{{${'('.repeat(5_000)}`)).toMatch(/^template: :1: /);
  });
});
