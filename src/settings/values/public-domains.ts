/** Where anybody may have an address: no company's domain. The list is Logto's own (`@logto/schemas`, 1.42). */
export const publicDomains: ReadonlySet<string> = new Set([
  ...['gmail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'live.com', 'icloud.com', 'aol.com'],
  ...['yandex.com', 'mail.com', 'protonmail.com', 'yanex.com', 'gmx.com', 'mail.ru', 'zoho.com'],
  ...['qq.com', '163.com', '126.com', 'sina.com', 'sohu.com'],
])
