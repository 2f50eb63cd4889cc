import { column } from './columns.ts';
import type { ReportSpec, Words } from './report.ts';

/** Reports on what departments send. */
export function dataReports(departments: Words, feeds: Words): readonly ReportSpec[] {
  return [
    {
      id: 'data-exchange-ledger',
      title: { zh: '数据交换台账', en: 'Data-exchange ledger' },
      about: {
        zh: '每行为一个部门的一类数据在一个数据期的交换情况，按数据期末日归期。按月报送的数据自首次接收起逐月应报，应报日后仍未收到的单列为缺报。整份退回和重复的文件不分区划。',
        en: 'A row for each department, kind of data and data period; it belongs to the last day of the data period. Monthly data are expected from the first month taken on; a month nothing came for by the day it was due has a row of its own. Files refused or sent twice belong to no area.',
      },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: ['file.taken', 'file.refused', 'file.duplicate', 'correction.sent', 'correction.answered'],
      columns: [
        column('department', 'code', '部门', 'department', departments),
        column('feed', 'code', '数据类别', 'kind of data', feeds),
        column('period', 'text', '数据期', 'data period'),
        column('taken', 'count', '接收文件', 'files taken'),
        column('refused', 'count', '整份退回', 'files refused'),
        column('repeated', 'count', '重复报送', 'files sent twice'),
        column('rows_read', 'count', '读取行', 'rows read'),
        column('accepted', 'count', '采信行', 'rows accepted'),
        column('duplicate', 'count', '重复行', 'rows known already'),
        column('rejected', 'count', '退回行', 'rows refused'),
        column('first_taken_on', 'date', '首次接收', 'first taken on'),
        column('last_taken_on', 'date', '最近接收', 'last taken on'),
        column('due', 'date', '应报日期', 'due on'),
        column('in_time', 'yes-no', '按时', 'in time'),
        column('missing', 'yes-no', '缺报', 'missing'),
        column('found_wrong', 'count', '核查发现有误', 'rows found wrong at home'),
        column('answered', 'count', '已答复', 'answered'),
      ],
      plot: { label: 'feed', values: ['accepted', 'rejected'] },
    },
  ];
}
