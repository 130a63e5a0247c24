"""The methods of `google.cloud.speech.v1.Speech`, and the operations that a long recognition is looked up under."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import grpc
from google.cloud.speech_v1.types import cloud_speech
from google.longrunning import operations_pb2  # type: ignore[import-untyped]  # It has no types.

from sandbox.core import Sandbox
from sandbox.speech.desk import Context, SpeechDesk
from sandbox.speech.hearing import results
from sandbox.speech.refusing import LONGEST_SYNC, Invalid, check

LONGEST_ANY = 480 * 60.0
LONGEST_STREAM = 305.0


class SpeechService:
    """`script` are texts that the next unknown recordings are heard as."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._desk = SpeechDesk(sandbox)
        self.script: list[str] = []
        self._operations: dict[str, bytes] = {}

    def handlers(self) -> list[Any]:
        speech = {
            "Recognize": grpc.unary_unary_rpc_method_handler(self.recognize),
            "LongRunningRecognize": grpc.unary_unary_rpc_method_handler(self.long_running_recognize),
            "StreamingRecognize": grpc.stream_stream_rpc_method_handler(self.streaming_recognize),
        }
        operations = {"GetOperation": grpc.unary_unary_rpc_method_handler(self.get_operation)}
        return [
            grpc.method_handlers_generic_handler("google.cloud.speech.v1.Speech", speech),
            grpc.method_handlers_generic_handler("google.longrunning.Operations", operations),
        ]

    async def recognize(self, raw: bytes, context: Context) -> bytes:
        asked = cloud_speech.RecognizeRequest.deserialize(raw)

        async def answer() -> tuple[bytes, Any]:
            found = self._hear(asked.config, asked.audio.content, LONGEST_SYNC)
            reply = cloud_speech.RecognizeResponse(results=found)
            return cloud_speech.RecognizeResponse.serialize(reply), _shown(found)

        return await self._desk.serve("recognize", _noted(asked.config, asked.audio.content), context, answer)

    async def long_running_recognize(self, raw: bytes, context: Context) -> bytes:
        """The operation is done at once."""
        asked = cloud_speech.LongRunningRecognizeRequest.deserialize(raw)

        async def answer() -> tuple[bytes, Any]:
            found = self._hear(asked.config, asked.audio.content, LONGEST_ANY)
            done = operations_pb2.Operation(name=str(uuid4().int), done=True)
            response = cloud_speech.LongRunningRecognizeResponse(results=found)
            done.response.Pack(cloud_speech.LongRunningRecognizeResponse.pb(response))
            self._operations[done.name] = done.SerializeToString()
            return self._operations[done.name], _shown(found)

        noted = _noted(asked.config, asked.audio.content)
        return await self._desk.serve("long_running_recognize", noted, context, answer)

    async def streaming_recognize(self, requests: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
        """One final result when the client has sent everything."""
        config, audio = cloud_speech.RecognitionConfig(), b""
        async for raw in requests:
            asked = cloud_speech.StreamingRecognizeRequest.deserialize(raw)
            if "streaming_config" in asked:
                config = asked.streaming_config.config
            audio += asked.audio_content

        async def answer() -> tuple[bytes, Any]:
            found = self._hear(config, audio, LONGEST_STREAM)
            final = [
                cloud_speech.StreamingRecognitionResult(alternatives=one.alternatives, is_final=True) for one in found
            ]
            reply = cloud_speech.StreamingRecognizeResponse(results=final)
            return cloud_speech.StreamingRecognizeResponse.serialize(reply), _shown(found)

        yield await self._desk.serve("streaming_recognize", _noted(config, audio), context, answer)

    async def get_operation(self, raw: bytes, context: Context) -> bytes:
        name = operations_pb2.GetOperationRequest.FromString(raw).name

        async def answer() -> tuple[bytes, Any]:
            if name not in self._operations:
                raise Invalid(f"Invalid operation name: {name}")
            return self._operations[name], name

        return await self._desk.serve("operations.get", {"name": name}, context, answer)

    def reset(self) -> None:
        self.script.clear()
        self._operations.clear()

    def _hear(
        self, config: cloud_speech.RecognitionConfig, audio: bytes, longest: float
    ) -> list[cloud_speech.SpeechRecognitionResult]:
        check(config, audio, longest=longest)
        text = self._sandbox.spoken.text(audio)
        if text is None and self.script:
            text = self.script.pop(0)
        return results(text, config)


def _noted(config: cloud_speech.RecognitionConfig, audio: bytes) -> dict[str, Any]:
    shown = cloud_speech.RecognitionConfig.to_dict(config, including_default_value_fields=False)
    return {"config": shown, "audio": f"<{len(audio)} bytes>"}


def _shown(found: list[cloud_speech.SpeechRecognitionResult]) -> list[str]:
    return [alternative.transcript for result in found for alternative in result.alternatives]
