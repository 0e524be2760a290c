"""What `lanthorn demo` says, English and Korean beside each other."""

from __future__ import annotations

from lanthorn.words.said import Said

DEMO = {
    "title": Said(
        "Lanthorn {version}: Keras that you can see through.",
        "Lanthorn {version}: 속이 들여다보이는 Keras.",
    ),
    "question": Said("What does Flatten do?", "Flatten은 무슨 일을 할까요?"),
    "asked": Said(
        "People have asked this since Keras began. Here is the question's program:",
        "Keras가 나온 뒤로 줄곧 이어진 물음입니다. 묻는 이의 프로그램은 이렇습니다.",
    ),
    "as asked": Said("as above", "위와 같이"),
    "without": Said("without Flatten", "Flatten 없이"),
    "first": Said("with Flatten first", "Flatten을 맨 앞에 두면"),
    "answers": Said("Its answers have these shapes:", "답의 모양은 이렇습니다."),
    "why": Said(
        "Why, the model itself can tell. model.explain():",
        "까닭은 모델이 직접 말해 줍니다. model.explain():",
    ),
    "number": Said(
        "And any number can be asked where it comes from. {call}:",
        "어떤 수든 어디서 왔는지 물을 수 있습니다. {call}:",
    ),
    "digits": Said("A network that reads digits", "손글씨 숫자를 읽는 신경망"),
    "data": Said(
        "{train} handwritten digits to learn from, {test} that it does not see while it learns:",
        "손글씨 숫자 {train}개로 배우고, {test}개는 배우는 동안 보지 않습니다.",
    ),
    "epoch": Said("epoch {epoch} of {epochs}", "에폭 {epoch}/{epochs}"),
    "progress": Said("loss {loss}   right {accuracy}", "손실 {loss}   맞힌 비율 {accuracy}"),
    "learnt": Said(
        "Learnt in {seconds} s. Its answers to digits it has never seen:",
        "{seconds}초 만에 배웠습니다. 처음 보는 숫자에 대한 답입니다.",
    ),
    "wrong": Said("{count} of the {wrong} it got wrong:", "틀린 {wrong}개 가운데 {count}개입니다."),
    "all wrong": Said("The {wrong} it got wrong:", "틀린 {wrong}개입니다."),
    "none wrong": Said("It got none wrong.", "하나도 틀리지 않았습니다."),
    "meant": Said("{answer} (is {digit})", "{answer} (실제 {digit})"),
    "accuracy": Said(
        "Right: {right} of {test}, that is {accuracy}.",
        "{test}개 가운데 {right}개, 곧 {accuracy}{을/를} 맞혔습니다.",
    ),
    "saved": Said("The network is saved as", "신경망을 저장한 곳:"),
    "next": Said("Try next:", "다음에 해 볼 것:"),
}
