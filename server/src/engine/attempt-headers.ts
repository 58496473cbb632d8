type Headers = Readonly<Record<string, string>>;

/**
 * Joins a customer's own headers with the contract's, which win in any spelling: names of headers have no
 * case, and a request that named one twice would not be sent.
 */
export function headersOf(own: Headers, ofContract: Headers): Headers {
  const taken = Object.keys(ofContract).map((name) => name.toLowerCase());
  const kept = Object.entries(own).filter(([name]) => !taken.includes(name.toLowerCase()));
  return kept.length === 0 ? ofContract : { ...Object.fromEntries(kept), ...ofContract };
}
