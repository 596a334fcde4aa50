import { z } from 'zod'
import { RoleType } from './schemas.ts'

const Name = z.string().min(1).max(128)
const Description = z.string().max(256).nullable()
const Color = z.string().regex(/^#[\da-f]{3}([\da-f]{3})?$/i)

export const OrganizationCreate = z.object({
  name: Name,
  description: Description.exactOptional(),
  customData: z.record(z.string(), z.unknown()).exactOptional(),
  isMfaRequired: z.boolean().exactOptional(),
  color: z
    .object({ primaryColor: Color, isDarkModeEnabled: z.boolean(), darkPrimaryColor: Color })
    .partial()
    .exactOptional(),
  branding: z
    .object({ logoUrl: z.url(), darkLogoUrl: z.url(), favicon: z.url(), darkFavicon: z.url() })
    .partial()
    .exactOptional(),
  customCss: z.string().nullable().exactOptional(),
})

export const OrganizationPatch = OrganizationCreate.extend({ name: Name.exactOptional() })

export const OrganizationScopeCreate = z.object({ name: Name, description: Description.exactOptional() })

export const OrganizationScopePatch = OrganizationScopeCreate.extend({ name: Name.exactOptional() })

export const OrganizationRolePatch = OrganizationScopePatch.extend({ type: RoleType.exactOptional() })

export const OrganizationRoleCreate = OrganizationScopeCreate.extend({
  type: RoleType.default('User'),
  organizationScopeIds: z.array(z.string()).default([]),
  resourceScopeIds: z.array(z.string()).default([]),
})
