import * as z from 'zod';
import { roles } from '../../access/principal.ts';
import { isInCharge, type StaffMember } from '../../access/staff.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type { StaffDirectory } from '../../ports/staff-directory.ts';
import { branded, packJson, unpackJson } from './packed-json.ts';
import type { Table } from './table.ts';

const PARTITION = 'STAFF';

const storedMember = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  areas: z.array(z.string()),
  departments: z.array(z.string()),
  absences: z.array(
    z
      .object({ from: branded<PlainDate>(), to: branded<PlainDate>(), cover: z.string().optional() })
      .transform(({ cover, ...days }) => ({ ...days, ...(cover === undefined ? {} : { cover }) })),
  ),
});

/** Staff in DynamoDB: one partition. A county has some hundreds, who are read whole. */
export function dynamoStaffDirectory(table: Table): StaffDirectory {
  async function list(): Promise<StaffMember[]> {
    const members: StaffMember[] = [];
    for await (const item of table.query({ partition: PARTITION })) {
      members.push(unpackJson(storedMember, item['member'], 'member of staff'));
    }
    return members;
  }
  return {
    list,
    inCharge: async (role, area, department) => (await list()).filter((member) => isInCharge(member, role, area, department)),
    async get(id) {
      const item = await table.get({ pk: PARTITION, sk: id });
      return item === undefined ? undefined : unpackJson(storedMember, item['member'], 'member of staff');
    },
    async put(member, event) {
      await table.put({ pk: PARTITION, sk: member.id, member: packJson(member), events: [event] });
    },
  };
}
