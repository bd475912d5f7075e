"""Files that show how a repository is built, run and looked after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate

SIGNS: Mapping[str, tuple[str, ...]] = {
    "ansible": ("ansible.cfg", "playbook*.yml", "playbook*.yaml", "*roles/*/tasks/main.y*ml"),
    "bicep": ("*.bicep",),
    "ci": (
        ".github/workflows/*.y*ml",
        ".gitlab-ci.yml",
        ".circleci/config.yml",
        ".travis.yml",
        ".drone.yml",
        ".woodpecker.y*ml",
        "azure-pipelines.y*ml",
        "bitbucket-pipelines.yml",
        "buildkite/*.y*ml",
        "jenkinsfile",
    ),
    "cloudformation": ("*cloudformation*.y*ml", "*cloudformation*.json", "*.cfn.y*ml"),
    "code_owners": (".github/codeowners", "docs/codeowners", "codeowners"),
    "dbt": ("dbt_project.yml",),
    "dependency_updates": (
        ".github/dependabot.y*ml",
        "renovate.json",
        "renovate.json5",
        ".renovaterc",
        ".renovaterc.json",
    ),
    "dockerfile": ("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile"),
    "helm": ("chart.yaml", "helmfile.y*ml"),
    "kubernetes": (
        "kustomization.y*ml",
        "*k8s/*.y*ml",
        "*kubernetes/*.y*ml",
        "*manifests/*.y*ml",
    ),
    "model_card": ("model_card*", "model-card*", "modelcard*"),
    "notebooks": ("*.ipynb",),
    "pulumi": ("pulumi.y*ml",),
    "security_policy": ("security.md",),
    "terraform": ("*.tf", "*.tf.json", "terragrunt.hcl"),
    "tests": (
        "test/*",
        "tests/*",
        "*/test/*",
        "*/tests/*",
        "*__tests__/*",
        "spec/*_spec.rb",
        "test_*.py",
        "*_test.py",
        "*_test.go",
        "*.test.[jt]s*",
        "*.spec.[jt]s*",
        "*tests.cs",
    ),
}
"""What files show, by patterns of their names or, with a slash, of their paths, in any case."""

_OF_OTHERS = re.compile(r"(?i)(^|/)(node_modules|vendor|third_party|site-packages|\.venv)/")


def shown_by(paths: Iterable[str]) -> Mapping[str, str]:
    """What files show, each with the one nearest to the top; files of others show nothing."""
    own = sorted(
        (path for path in paths if not _OF_OTHERS.search(path)),
        key=lambda path: (path.count("/"), path),
    )
    found: dict[str, str] = {}
    for path in own:
        name = path.rpartition("/")[2]
        for sign, (of_name, of_path) in _PATTERNS.items():
            if sign not in found and (of_name.match(name) or of_path.match(path)):
                found[sign] = path
    return found


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?i)" + "|".join(map(translate, patterns)) if patterns else r"(?!)")


_PATTERNS = {
    sign: (
        _any([pattern for pattern in patterns if "/" not in pattern]),
        _any([pattern for pattern in patterns if "/" in pattern]),
    )
    for sign, patterns in SIGNS.items()
}
