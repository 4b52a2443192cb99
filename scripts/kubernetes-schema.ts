/**
 * Cuts Kubernetes' OpenAPI document to the kinds that the engine serves.
 *
 *   node scripts/kubernetes-schema.ts SWAGGER API GATEWAY
 *
 * SWAGGER is api/openapi-spec/swagger.json of kubernetes/kubernetes v1.36 (also published as
 * kubernetes/swagger.json.unprocessed in kubernetes-client/python v36), API a checkout of
 * kubernetes/api v0.36 with pkg/apis/meta/v1 of kubernetes/apimachinery laid over it, GATEWAY the
 * folder config/crd/standard of kubernetes-sigs/gateway-api v1.6. The results are committed, the
 * sources are not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESOURCES } from '../src/engine/kubernetes/api/resources.ts';
import { addCustomResource, type Facets } from './kubernetes/custom-resources.ts';
import { readGoTypes } from './kubernetes/go-types.ts';
import { OpenApiCutter, type OpenApiSchema } from './kubernetes/openapi.ts';

/** Bodies of subresources. */
const FURTHER = ['autoscaling/v1/Scale', 'policy/v1/Eviction', 'v1/Binding'];

const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const engine = join(import.meta.dirname, '../src/engine/kubernetes');

function main(swagger: string, api: string, gateway: string): void {
  const document = JSON.parse(readFileSync(swagger, 'utf8')) as {
    definitions: Record<string, OpenApiSchema>;
  };
  const cutter = new OpenApiCutter(document.definitions, readGoTypes(api));
  const facets: Facets = {};
  for (const { group, version, furtherVersions, kind } of RESOURCES) {
    if (group === GATEWAY_GROUP || group === 'metrics.k8s.io') continue;
    for (const one of [version, ...furtherVersions]) {
      cutter.addKind(`${group ? `${group}/` : ''}${one}/${kind}`);
    }
  }
  for (const kind of FURTHER) cutter.addKind(kind);
  for (const { group, plural } of RESOURCES) {
    if (group !== GATEWAY_GROUP) continue;
    addCustomResource(cutter.cut, facets, gateway, `${GATEWAY_GROUP}_${plural}.yaml`);
  }
  const { definitions, kinds, texts, enums } = cutter.cut;
  save('api/schema/definitions.json', { kinds, definitions, facets });
  save('api/schema/descriptions.json', { ...numbered(texts), enums });
}

/** Every text once, and where it stands. */
function numbered(texts: Record<string, Record<string, string>>): object {
  const numbers = new Map<string, number>();
  const at: Record<string, Record<string, number>> = {};
  for (const [definition, fields] of Object.entries(texts)) {
    const own: Record<string, number> = {};
    at[definition] = own;
    for (const [field, text] of Object.entries(fields)) {
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      own[field] = number;
    }
  }
  return { texts: [...numbers.keys()], at };
}

function save(path: string, value: object): void {
  writeFileSync(join(engine, path), `${JSON.stringify(value)}\n`);
}

const [swagger, api, gateway] = process.argv.slice(2);
if (swagger === undefined || api === undefined || gateway === undefined) {
  process.stderr.write('usage: node scripts/kubernetes-schema.ts SWAGGER API GATEWAY\n');
  process.exitCode = 2;
} else {
  main(swagger, api, gateway);
}
