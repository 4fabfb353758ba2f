/** The rule of Trino's file-based access control that lets an account act as these users, ready to be copied. */
export function impersonationRule(account: string, users: string[]): string {
  const rule = { original_user: pattern([account]), new_user: pattern(users), allow: true };
  return JSON.stringify({ impersonation: [rule] }, null, 2);
}

/** Rules hold regular expressions, and a user may hold a point. */
function pattern(names: string[]): string {
  return [...new Set(names)].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
