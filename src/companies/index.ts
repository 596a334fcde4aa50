export {
  type NewCompany,
  readCompanies,
  removeCompany,
  type StoredCompanies,
  writeCompany,
} from './companies.ts'
export { CompaniesError } from './companies-error.ts'
export { filePlace } from './file-place.ts'
export { type Companies, companiesNow, LiveCompanies, type LiveConfig } from './live-companies.ts'
export { openPlace, readWhereabouts, type Whereabouts } from './open-place.ts'
export type { Place } from './place.ts'
export { type Draft, editRecords, type Kind, type Records, readRecords } from './records.ts'
export { redisPlace } from './redis-place.ts'
export { watchCompanies } from './watch-companies.ts'
