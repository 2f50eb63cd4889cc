import type { Role } from '../../access/principal.ts';
import { isInCharge, type StaffMember } from '../../access/staff.ts';
import type { DomainEvent } from '../../audit/event.ts';
import type { StaffDirectory } from '../../ports/staff-directory.ts';
import { body, type EmbeddedDatabase } from './database.ts';

/** Staff in SQLite. A county has some hundreds: they are read whole. */
export class SqliteStaffDirectory implements StaffDirectory {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async inCharge(role: Role, area: string, department?: string): Promise<readonly StaffMember[]> {
    return (await this.list()).filter((member) => isInCharge(member, role, area, department));
  }

  async get(id: string): Promise<StaffMember | undefined> {
    const row = this.#database.get('SELECT body FROM staff WHERE id = ?', id);
    return row === undefined ? undefined : memberOf(row[0]);
  }

  async put(member: StaffMember, event: DomainEvent): Promise<void> {
    this.#database.write(() => {
      this.#database.run('INSERT OR REPLACE INTO staff (id, body) VALUES (?, ?)', member.id, JSON.stringify(member));
      this.#database.emit(event);
    });
  }

  async list(): Promise<readonly StaffMember[]> {
    return this.#database.all('SELECT body FROM staff ORDER BY id').map(([stored]) => memberOf(stored));
  }
}

function memberOf(stored: Parameters<typeof body>[0]): StaffMember {
  return body<StaffMember>(stored, ['id', 'roles', 'areas', 'departments', 'absences']);
}
