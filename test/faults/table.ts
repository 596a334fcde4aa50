import { comingCompanyFaults } from './coming-companies.ts'
import { companyFaults } from './companies.ts'
import { failoverFaults } from './failover.ts'
import type { Fault } from './fault.ts'
import { logoutFaults } from './logout.ts'
import { processFaults } from './processes.ts'
import { redisFaults } from './redis.ts'
import { strangerFaults } from './strangers.ts'
import { takeoverFaults } from './takeover.ts'
import { tokenFaults } from './tokens.ts'

/** Everything that can go wrong, as far as we thought of it, and what must hold all the same. */
export const faults: readonly Fault[] = [
  ...tokenFaults,
  ...logoutFaults,
  ...companyFaults,
  ...comingCompanyFaults,
  ...redisFaults,
  ...failoverFaults,
  ...takeoverFaults,
  ...processFaults,
  ...strangerFaults,
]
