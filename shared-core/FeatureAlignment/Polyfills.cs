namespace System.Runtime.CompilerServices;

/// <summary>netstandard2.1 lacks the type that the compiler marks init-only properties with.</summary>
internal static class IsExternalInit
{
}
