import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stoppedClock } from '../../infra/local/clock.ts';
import { demoFiles } from '../../infra/local/commands/simulate.ts';
import { type CaseFamily, caseFamilyPeople } from '../../infra/local/demo-county/case-families.ts';
import { type PlantedPerson, plantedPeople } from '../../infra/local/demo-county/generate.ts';
import { writeCounty } from '../../infra/local/demo-county/write-county.ts';
import { announce } from '../../infra/local/inbox.ts';
import { openPlatform } from '../../infra/local/platform.ts';
import { stderrLog } from '../../infra/local/stderr-log.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { type Instant, parseInstant } from '../../shared/calendar/plain-date.ts';
import { archiveText } from '../builders/archive.ts';
import { readCountyFile } from '../builders/read-county-file.ts';
import { findPlanted, type Planted } from './planted.ts';
import { ask, eventually, type RunningHost, scratch, signIn, startHost } from './running-host.ts';

const NOW = parseInstant('2024-04-20T09:00:00+08:00') as Instant;
const MONTHS = ['2024-01', '2024-02', '2024-03'] as Period[];
const LAST = '2024-03' as Period;
const FAMILIES: readonly CaseFamily[] = ['henan', 'shandong', 'yantai', 'hinggan'];
/** The demo's own seed, so that the host and this test know the same people. */
const COUNTY = { seed: 20_240_101, households: 150, months: MONTHS, area: '411122' };
/** Of somebody who was spoken to. */
const PHONE = '13812345678';
const NOTHING = { numbers: [], names: [], diagnoses: [] };

const people: readonly PlantedPerson[] = [
  ...plantedPeople(COUNTY),
  ...FAMILIES.flatMap((family) => caseFamilyPeople(family, LAST)),
];
const [somebody] = people;

let root = '';
let remove = async () => {};
let planted: Planted;

/** Two of the county's departments build their own numbers from identity numbers. */
function hospitalFileNumberedByPeople(): { path: string; bytes: Uint8Array } {
  const rows = people
    .slice(0, 20)
    .map(({ name, identityNumber }, index) =>
      [
        name,
        identityNumber,
        `411122${String(100 + (index % 8)).padStart(3, '0')}201`,
        `JS${identityNumber}`,
        '2024-03-10',
        '900.00',
        '300.00',
      ].join(','),
    );
  const header = '姓名,身份证号,参保地区划,结算单号,结算日期,总费用,个人自付';
  return {
    path: 'medical-insurance/inpatient-settlement/2024-03/按证件编号.csv',
    bytes: new TextEncoder().encode(`${[header, ...rows].join('\n')}\n`),
  };
}

async function diagnosesIn(files: Iterable<{ path: string; bytes: Uint8Array }>): Promise<Set<string>> {
  const diagnoses = new Set<string>();
  for (const file of files) {
    if (!file.path.startsWith('medical-insurance/') || file.path.includes('enrolment')) continue;
    const { rows } = await readCountyFile(file, '2024-04-20');
    for (const { fact } of rows) {
      const sealed = JSON.parse(fact.sealed ?? '{}') as Record<string, unknown>;
      for (const field of ['diagnosisName', 'diseaseName']) {
        const text = sealed[field];
        if (typeof text === 'string' && text.length > 1) diagnoses.add(text);
      }
    }
  }
  return diagnoses;
}

beforeAll(async () => {
  ({ root, remove } = await scratch('privacy'));
  planted = {
    numbers: new Set(people.map((person) => person.identityNumber)),
    names: new Set(people.map((person) => person.name).filter((name) => [...name].length >= 3)),
    diagnoses: await diagnosesIn(demoFiles(COUNTY.seed, COUNTY.households, MONTHS)),
  };
});

afterAll(() => remove());

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function plantedIn(text: string) {
  return findPlanted(new TextEncoder().encode(text), planted);
}

describe('the search for planted people', () => {
  it('knows hundreds of people and finds them where they belong: in the inbox', async () => {
    expect(planted.numbers.size).toBeGreaterThan(300);
    expect(planted.names.size).toBeGreaterThan(250);
    expect(planted.diagnoses.size).toBeGreaterThan(5);
    const [number = ''] = planted.numbers;
    const [name = ''] = planted.names;
    const [diagnosis = ''] = planted.diagnoses;
    expect(plantedIn(`{"note":"住户${name}的${diagnosis}，单号ZY${number.toLowerCase()}7"}`)).toEqual({
      numbers: [number],
      names: expect.arrayContaining([name]),
      diagnoses: expect.arrayContaining([diagnosis]),
    });
    expect(plantedIn(number.slice(0, 6) + number.slice(8, 17)).numbers).toEqual([number]);
  });
});

describe('a county that runs, and is read', () => {
  let dataDir = '';
  let left = { stdout: '', stderr: '' };

  async function read(host: RunningHost): Promise<void> {
    const token = await signIn(host.address, 'province');
    const list = (await (await ask(host.address, '/api/v1/warnings', token)).json()) as {
      items: { id: string; household: string }[];
    };
    const [first] = list.items;
    if (first === undefined || somebody === undefined) throw new Error('nothing to read');
    expect((await ask(host.address, `/api/v1/households/${first.household}`, token)).status).toBe(200);
    for (const body of [{ number: somebody.identityNumber }, { name: somebody.name }]) {
      const response = await fetch(`${host.address}/api/v1/search`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'x-purpose': 'enquiry', 'content-type': 'application/json' },
      });
      expect(((await response.json()) as { items: unknown[] }).items.length).toBeGreaterThan(0);
    }
    // An address somebody typed a number into is refused, and must not be logged either.
    expect((await ask(host.address, `/api/v1/households/${somebody.identityNumber}`, token)).status).toBe(400);
  }

  /** Somebody notes down whom they spoke to, and who is ill of what. */
  async function writeOn(host: RunningHost): Promise<void> {
    const token = await signIn(host.address, 'supervisor');
    const { items } = await eventually(
      async () => (await (await ask(host.address, '/api/v1/cases', token)).json()) as { items: { id: string }[] },
      (answer) => answer.items.length > 0,
    );
    const [name, diagnosis] = [[...planted.names][0], [...planted.diagnoses][0]];
    const note = `户主${name}因${diagnosis}住院，电话${PHONE}`;
    const response = await fetch(`${host.address}/api/v1/cases/${items[0]?.id}/actions`, {
      method: 'POST',
      body: JSON.stringify({ action: 'comment', note }),
      headers: {
        authorization: `Bearer ${token}`,
        'x-purpose': 'supervision',
        'idempotency-key': 'note-on-family',
        'content-type': 'application/json',
      },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(note);
  }

  beforeAll(async () => {
    dataDir = join(root, 'county');
    const host = await startHost(dataDir, ['--households', '150', '--now', NOW], { LOG_LEVEL: 'info' });
    const own = hospitalFileNumberedByPeople();
    await mkdir(join(dataDir, 'inbox', dirname(own.path)), { recursive: true });
    await writeFile(join(dataDir, 'inbox', own.path), own.bytes);
    await eventually(
      () => stat(join(dataDir, 'receipts', `${own.path}.json`)).catch(() => undefined),
      (there) => there !== undefined,
    );
    await read(host);
    await writeOn(host);
    await eventually(
      () => archiveText(join(dataDir, 'archive')),
      (text) => text.split('"data.searched"').length > 2,
    );
    // Killed, so that the database's log still holds everything it went through.
    left = await host.stop('SIGKILL');
  });

  it('took the files in', async () => {
    const receipt = await readFile(join(dataDir, 'receipts', `${hospitalFileNumberedByPeople().path}.json`), 'utf8');
    expect(JSON.parse(receipt)).toMatchObject({ status: 'accepted', rows: { accepted: 20 } });
    expect(left.stderr).toContain('AW4001_REQUEST_SERVED');
    const inbox = await Promise.all((await filesBelow(join(dataDir, 'inbox'))).map((path) => readFile(path)));
    const found = new Set(inbox.flatMap((bytes) => findPlanted(bytes, planted).numbers));
    expect(found.size).toBeGreaterThan(200);
  });

  it('names nobody in what it prints and logs', () => {
    expect(plantedIn(left.stdout)).toEqual(NOTHING);
    expect(plantedIn(left.stderr)).toEqual(NOTHING);
  });

  it('names nobody in receipts', async () => {
    const paths = await filesBelow(join(dataDir, 'receipts'));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(findPlanted(await readFile(path), planted), path).toEqual(NOTHING);
  });

  it('names nobody in the archive', async () => {
    const text = await archiveText(join(dataDir, 'archive'));
    expect(text.split('\n').length).toBeGreaterThan(100);
    expect(plantedIn(text)).toEqual(NOTHING);
  });

  it('keeps names, numbers and diagnoses out of every byte of the database and its log', async () => {
    const paths = (await readdir(dataDir)).filter((name) => name.startsWith('aidwatch.db'));
    expect(paths).toContain('aidwatch.db-wal');
    for (const path of paths) {
      const bytes = await readFile(join(dataDir, path));
      expect(findPlanted(bytes, planted), path).toEqual(NOTHING);
      expect(bytes.includes(PHONE), path).toBe(false);
    }
  });

  it('records who searched and read, and why, in the archive', async () => {
    const archive = await archiveText(join(dataDir, 'archive'));
    const events = archive
      .split('\n')
      .filter((line) => line.includes('"data.'))
      .map(
        (line) =>
          (JSON.parse(line) as { event: { type: string; actor: string; data: { action: string; purpose: string } } }).event,
      );
    const kept = events.filter((event) => event.actor === 'province').map(({ type, data }) => [type, data.action, data.purpose]);
    expect(kept).toEqual([
      ['data.read', 'warnings.list', 'supervision'],
      ['data.read', 'household.read', 'supervision'],
      ['data.searched', 'search.exact', 'enquiry'],
      ['data.searched', 'search.exact', 'enquiry'],
    ]);
  });
});

describe('messages between the steps', () => {
  it('name nobody, nor do logs and events on their way', async () => {
    const dataDir = join(root, 'messages');
    const platform = openPlatform(dataDir, stoppedClock(NOW), stderrLog(stoppedClock(NOW), 'error'));
    const bodies: string[] = [];
    const { queue, outbox, objects } = platform.stores;
    const send = queue.send.bind(queue);
    queue.send = (name, messages) => {
      bodies.push(...messages.flatMap(({ body, key }) => [body, key ?? '']));
      return send(name, messages);
    };
    const events: string[] = [];
    const pending = outbox.pending.bind(outbox);
    outbox.pending = async (after, limit) => {
      const batch = await pending(after, limit);
      events.push(...batch.map((one) => JSON.stringify(one)));
      return batch;
    };
    const own = hospitalFileNumberedByPeople();
    await writeCounty(join(dataDir, 'inbox'), [...demoFiles(COUNTY.seed, 40, MONTHS), own]);
    const keys: string[] = [];
    for await (const { key } of objects.list('inbox/')) keys.push(key);
    await announce(queue, keys);
    await platform.pump.drain();
    await platform.close();
    expect(bodies.length).toBeGreaterThan(500);
    expect(events.length).toBeGreaterThan(10);
    expect(plantedIn(bodies.join('\n'))).toEqual(NOTHING);
    expect(plantedIn(events.join('\n'))).toEqual(NOTHING);
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * 1024);
  });
});
