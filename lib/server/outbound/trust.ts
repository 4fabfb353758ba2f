import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Who may sign certificates: the authorities this process trusts anyway, and one's own (PEM) beside them. Throws for what is no PEM. */
export function trusting(authority: string): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), authority] });
}
