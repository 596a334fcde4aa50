import { isTenantSwitch, TENANT_SWITCHES } from '../../logto/control/tenant-switches.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import type { ControlRoomParts, Section } from '../section.ts'

/** Settings of Logto's tenant that keep people out. */
export const switches: Section = {
  id: 'switches',
  count: (parts) => switchesOf(parts).filter(({ on }) => on).length,
  locals: (parts) => ({ switches: switchesOf(parts) }),
  actions: {
    switch({ control }, form) {
      const name = textOf(form, 'name')
      if (!isTenantSwitch(name)) throw new Error('The form names nothing to switch.')
      control.switchTenant(name, textOf(form, 'on') === 'yes')
    },
  },
}

const switchesOf = ({ tenant }: ControlRoomParts) =>
  Object.entries(TENANT_SWITCHES).map(([name, { isOn }]) => ({ name, on: isOn(tenant) }))
