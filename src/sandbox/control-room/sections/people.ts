import { nameOf } from '../../logto/state/users.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import type { Section } from '../section.ts'

/** Who has an account at Logto. */
export const people: Section = {
  id: 'people',
  count: ({ tenant }) => tenant.users.length,
  locals: ({ tenant }) => ({ people: tenant.users.map((user) => ({ ...user, label: nameOf(user) })) }),
  actions: {
    suspend: ({ control }, form) => control.suspend(textOf(form, 'person')),
    unsuspend: ({ control }, form) => control.unsuspend(textOf(form, 'person')),
    delete: ({ control }, form) => control.delete(textOf(form, 'person')),
  },
}
