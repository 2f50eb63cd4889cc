import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { impactAssessment } from '../../../shared/privacy/impact-assessment.ts';
import { impactAssessmentPage } from '../../../shared/privacy/impact-assessment-page.ts';

const pia = impactAssessment(catalog, [], { on: '2024-04-20' as PlainDate, version: '0.1.0' });
const inpatient = pia.feeds.find(({ feed }) => feed === 'medical-insurance/inpatient-settlement');

describe('the impact assessment', () => {
  it('names every feed with its ground, its purpose and how long it is kept', () => {
    expect(pia.feeds.map(({ feed }) => feed)).toEqual([...catalog.keys()]);
    for (const { legalBasis, uses, retention, fields } of pia.feeds) {
      expect(legalBasis.text).not.toBe('');
      expect(uses.length).toBeGreaterThan(0);
      expect(retention.months).toBe(36);
      expect(fields.length).toBeGreaterThan(2);
    }
  });

  it('says of every sensitive field how it is protected and who sees it', () => {
    const sensitive = pia.feeds.flatMap(({ fields }) => fields).filter((field) => field.sensitive);
    expect(sensitive.length).toBeGreaterThan(0);
    expect(new Set(sensitive.map(({ protection }) => protection))).toEqual(new Set(['sealed']));
    expect(inpatient?.seenBy.sensitive.map(({ en }) => en)).toEqual([
      'department data officer',
      'township caseworker',
      'county supervisor',
    ]);
    expect(inpatient?.seenBy.other.map(({ zh }) => zh)).toContain('审计员');
  });

  it('follows the policy: administrators see nobody, auditors no name', () => {
    const seen = (role: string) => pia.roles.find((one) => one.role === role);
    expect(seen('system-admin')).toMatchObject({ seesHouseholds: false, names: 'none', numbers: 'none', sensitive: false });
    expect(seen('auditor')).toMatchObject({ seesHouseholds: true, names: 'masked', sensitive: false });
    expect(seen('handler')).toMatchObject({ seesHouseholds: false, names: 'full' });
  });

  it('is a page in either language, with nothing of the other and nothing loaded from elsewhere', () => {
    const [zh, en] = [impactAssessmentPage(pia, 'zh'), impactAssessmentPage(pia, 'en')];
    expect(zh).toContain('个人信息保护影响评估');
    expect(zh).toContain('敏感');
    expect(en).toContain('Personal information protection impact assessment');
    expect(en).toContain('36 months from the day the fact ended');
    expect(zh).not.toContain('months from');
    for (const page of [zh, en]) expect(page).not.toMatch(/<script|src=|href=/);
  });
});
