import { atRestRow } from './at-rest.ts'
import { callbackRow } from './callback.ts'
import { companiesRow } from './companies.ts'
import { anonymousRow, hostRow, signedInRow } from './home.ts'
import { memoryRow } from './memory.ts'
import { npmStartRow } from './npm-start.ts'
import { redisAtRestRow } from './redis-at-rest.ts'
import { redisRow } from './redis-home.ts'
import { refusalRow } from './refusal.ts'
import { residentRow } from './resident.ts'
import type { Row } from './row.ts'
import { signInRow } from './sign-in.ts'
import { startRow } from './start.ts'

/** All that is measured, in the order of the table. */
export const rows: readonly Row[] = [
  signedInRow,
  redisRow,
  anonymousRow,
  hostRow,
  signInRow,
  callbackRow,
  refusalRow,
  atRestRow,
  redisAtRestRow,
  memoryRow,
  companiesRow,
  startRow,
  residentRow,
  npmStartRow,
]
