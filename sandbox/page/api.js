// The sandbox's own HTTP API.

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

export const get = async (path) => answer(await fetch(path, { cache: "no-store" }));

export const post = async (path, body = {}) =>
  answer(await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }));

export const remove = async (path) => answer(await fetch(path, { method: "DELETE" }));
