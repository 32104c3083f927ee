/** What the text says, or undefined, which no JSON text says, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text from outside is often not JSON; callers check the value against what they need anyway.
    return undefined;
  }
}
