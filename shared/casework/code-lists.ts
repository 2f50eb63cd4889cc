import type { Bilingual } from '../catalog/feed.ts';
import { correctionAnswers, upheldCodes, wrongCodes } from '../corrections/codes.ts';
import { actionTitles } from './action-titles.ts';
import { stageTitles } from './case.ts';
import * as codes from './codes.ts';

/** Every code list with its words, for forms and for reading exported data. */
export function codesFor(): Readonly<Record<string, Readonly<Record<string, Bilingual>>>> {
  return {
    stages: stageTitles,
    caseActions: actionTitles,
    truth: codes.truthCodes,
    actions: codes.actionCodes,
    outcomes: codes.outcomeCodes,
    closures: codes.closureCodes,
    needs: codes.needCodes,
    workAbility: codes.workAbilityCodes,
    work: codes.workCodes,
    pauses: codes.pauseCodes,
    refusals: codes.refusalCodes,
    recalls: codes.recallCodes,
    reassignments: codes.reassignCodes,
    wrongRows: wrongCodes,
    corrections: correctionAnswers,
    upheld: upheldCodes,
  };
}
